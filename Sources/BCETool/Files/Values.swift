/// Elements of one type: a part of a mapped file, or an array where they had to be converted.
@safe
final class Values<Element: BitwiseCopyable> {
    private let file: MappedFile?
    private let array: [Element]
    private let elements: UnsafeBufferPointer<Element>

    /// Elements as they lie in `file`, aligned.
    init(file: MappedFile, _ elements: UnsafeBufferPointer<Element>) {
        self.file = file
        array = []
        unsafe self.elements = elements
    }

    init(_ array: [Element]) {
        file = nil
        self.array = array
        unsafe elements = UnsafeBufferPointer(start: nil, count: 0)
    }

    var count: Int { file == nil ? array.count : unsafe elements.count }

    subscript(_ index: Int) -> Element { file == nil ? array[index] : unsafe elements[index] }

    /// Calls `body` with the elements of `range`, which live as long as this object.
    func withSpan<R>(_ range: Range<Int>, _ body: (Span<Element>) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(self) {} }
        if file == nil {
            let array = array
            return try body(array.span.extracting(range))
        }
        let elements = unsafe self.elements
        return try body(unsafe elements.span.extracting(range))
    }

    func map<T>(_ transform: (Element) -> T) -> [T] {
        file == nil ? array.map(transform) : unsafe elements.map(transform)
    }
}

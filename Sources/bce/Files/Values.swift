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

    /// Calls `body` with the elements, which live as long as this object.
    func withSpan<R, E>(_ body: (Span<Element>) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        if file == nil {
            let array = array
            return try body(array.span)
        }
        let elements = unsafe self.elements
        return try body(unsafe elements.span)
    }

    func map<T>(_ transform: (Element) -> T) -> [T] {
        file == nil ? array.map(transform) : unsafe elements.map(transform)
    }
}

extension Values<Double> {
    /// Whether each is a Float too, as 0, 1 and 0.5 are: the kernels then read them as Floats without loss.
    func areFloats() -> Bool {
        withSpan { span in
            for index in span.indices where Double(Float(span[index])) != span[index] { return false }
            return true
        }
    }
}

extension Values<Float> {
    func widened() -> Values<Double> { Values<Double>(map(Double.init)) }
}

/// The types of predictions.
enum FloatingType: String { case float = "Float", double = "Double" }

/// A column of one of the types that the library computes with.
enum AnyValues {
    case float(Values<Float>)
    case double(Values<Double>)
    case uint8(Values<UInt8>)

    /// The type of predictions; labels as such are no predictions.
    var floatingType: FloatingType {
        if case .float = self { .float } else { .double }
    }

    func asDoubles() -> [Double] {
        switch self {
        case .float(let values): values.map(Double.init)
        case .double(let values): values.map { $0 }
        case .uint8(let values): values.map(Double.init)
        }
    }

    var count: Int {
        switch self {
        case .float(let values): values.count
        case .double(let values): values.count
        case .uint8(let values): values.count
        }
    }
}

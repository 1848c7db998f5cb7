/// Which elements count: a byte for each, or one for each row.
struct Mask {
    private let bytes: Values<UInt8>
    /// Elements that share a byte.
    private let run: Int

    /// - Parameter shape: of the predictions.
    init(_ file: FileColumn<MaskBytes>, over shape: [Int]) throws {
        bytes = file.values.bytes
        if file.shape == shape {
            run = 1
        } else if shape.count == 2, file.shape == [shape[0]] || file.shape == [shape[0], 1] {
            run = shape[1]
        } else {
            let byRow = shape.count == 2 ? ", or by row: [\(shape[0])] or [\(shape[0]), 1]" : ""
            throw ToolError(
                "mask (\(file.argument)) has the shape \(file.shape), "
                    + "expected that of the predictions: \(shape)\(byRow)")
        }
    }

    func counts(_ index: Int) -> Bool { bytes[index / run] != 0 }

    /// Calls `body` with a byte for each element of `range`.
    func withBytes<R>(_ range: Range<Int>, _ body: (Span<UInt8>) throws -> R) rethrows -> R {
        guard run > 1 else { return try bytes.withSpan(range, body) }
        let spread = range.map { bytes[$0 / run] }
        return try body(spread.span)
    }
}

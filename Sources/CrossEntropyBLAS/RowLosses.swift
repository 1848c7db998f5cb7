// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

/// The losses of rows of predictions if all targets were 0, and if all were 1.
@unsafe
struct RowLosses<S: BLASNumber> {
    private let product: PairwiseProduct
    private let zeros, ones: Column
    private let scratch: UnsafeMutablePointer<S>

    /// The number of elements that a kernel takes at a time, and the number of groups that may write differences at
    /// once.
    private static var tile: Int { 2048 }
    static var groups: Int { 16 }

    /// 132 KiB for Float, 260 KiB for Double.
    static func place(in layout: inout WorkspaceLayout) -> Int {
        let first = unsafe layout.place(2 * tile, UInt8.self)
        _ = unsafe layout.place(groups * tile, S.self)
        return first
    }

    init(_ product: PairwiseProduct, _ room: UnsafeMutableRawPointer) {
        unsafe room.initializeMemory(as: UInt8.self, repeating: 0, count: Self.tile)
        unsafe (room + Self.tile).initializeMemory(as: UInt8.self, repeating: 1, count: Self.tile)
        unsafe zeros = Column(room, .byte)
        unsafe ones = Column(room + Self.tile, .byte)
        unsafe scratch = (room + 2 * Self.tile).assumingMemoryBound(to: S.self)
        unsafe self.product = product
    }

    /// The sums of l(0) and of l(1).
    func sums(_ predictions: Column, _ count: Int) -> (zero: Double, one: Double) {
        var sums = (zero: 0.0, one: 0.0)
        for start in unsafe stride(from: 0, to: count, by: Self.tile) {
            let part = unsafe min(Self.tile, count - start)
            let (zero, one) = unsafe slices(predictions.from(start), part)
            unsafe withUnsafePointer(to: product.formula) { formula in
                unsafe sums.zero += zero.sums(formula, product.level).loss.value
                unsafe sums.one += one.sums(formula, product.level).loss.value
            }
        }
        return sums
    }

    /// The same, with l(1) - l(0) of each element written to `differences`.
    func writeDifferences(
        _ predictions: Column, _ count: Int, into differences: UnsafeMutablePointer<S>, group: Int
    ) -> (zero: Double, one: Double) {
        let atZero = unsafe scratch + group * Self.tile
        var sums = (zero: 0.0, one: 0.0)
        for start in unsafe stride(from: 0, to: count, by: Self.tile) {
            let part = unsafe min(Self.tile, count - start)
            let atOne = unsafe differences + start
            let (zero, one) = unsafe slices(predictions.from(start), part)
            unsafe withUnsafePointer(to: product.formula) { formula in
                unsafe zero.write(Outputs(losses: atZero), formula, product.level)
                unsafe one.write(Outputs(losses: atOne), formula, product.level)
            }
            unsafe sums.zero += sumOfStrided(atZero, part, by: 1)
            unsafe sums.one += sumOfStrided(atOne, part, by: 1)
            for index in 0..<part { unsafe atOne[index] -= atZero[index] }
        }
        return sums
    }

    private func slices(_ predictions: Column, _ count: Int) -> (zero: BatchSlice, one: BatchSlice) {
        unsafe (
            BatchSlice(predictions: predictions, targets: zeros, count: count),
            BatchSlice(predictions: predictions, targets: ones, count: count)
        )
    }
}

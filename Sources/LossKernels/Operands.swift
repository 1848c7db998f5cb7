// SPDX-License-Identifier: Apache-2.0

internal import CLossKernels

/// Predictions and targets in the lanes' type, as kernels read them, with what is the same for all.
struct Operands {
    var predictions, targets: UnsafeRawPointer
    let mask: UnsafePointer<UInt8>?
    let count: Int
    let type: DType
    let formula: UnsafePointer<Formula>
    let level: KernelLevel

    var isDouble: Bool { type == .double }
}

extension BatchSlice {
    /// Arguments of the lanes' type, with a mask of bytes if there is one, where they lie.
    func operandsInPlace(_ formula: UnsafePointer<Formula>, _ level: KernelLevel) -> Operands {
        Operands(
            predictions: predictions.base, targets: targets.base,
            mask: mask?.base.assumingMemoryBound(to: UInt8.self), count: count, type: predictions.dtype,
            formula: formula, level: level)
    }

    /// Arguments where they lie if they have the lanes' type, else converted into a room.
    func operands(
        _ formula: UnsafePointer<Formula>, _ level: KernelLevel, _ type: DType, in room: Room
    ) -> Operands {
        Operands(
            predictions: predictions.converted(to: type, count, room.predictions, level),
            targets: targets.converted(to: type, count, room.targets, level),
            mask: mask.map {
                $0.converted(to: .byte, count, room.mask, level).assumingMemoryBound(to: UInt8.self)
            }, count: count, type: type, formula: formula, level: level)
    }
}

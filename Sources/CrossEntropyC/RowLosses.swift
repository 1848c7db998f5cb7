// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

@c @implementation
public func ce_row_losses(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?, _ type: ce_type,
    _ losses: UnsafeMutableRawPointer?, _ room: Int64, _ scale: Double, _ gradient: UnsafeMutableRawPointer?,
    _ gradientRoom: Int64
) -> ce_status {
    attempt {
        let call = try PartialLosses(options, batch, scale, gradient, gradientRoom)
        let used = max(0, min(Int(room), call.batch.rows))
        switch Int(type) {
        case CE_FLOAT32: try call.writeRows(into: numbers(losses, used, Float.self))
        case CE_FLOAT64: try call.writeRows(into: numbers(losses, used, Double.self))
        default: throw invalidType(type)
        }
    }
}

@c @implementation
public func ce_column_losses(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?, _ type: ce_type,
    _ losses: UnsafeMutableRawPointer?, _ room: Int64, _ scale: Double, _ gradient: UnsafeMutableRawPointer?,
    _ gradientRoom: Int64
) -> ce_status {
    attempt {
        let call = try PartialLosses(options, batch, scale, gradient, gradientRoom)
        let used = max(0, min(Int(room), call.batch.columns))
        switch Int(type) {
        case CE_FLOAT32: try call.writeColumns(into: numbers(losses, used, Float.self))
        case CE_FLOAT64: try call.writeColumns(into: numbers(losses, used, Double.self))
        default: throw invalidType(type)
        }
    }
}

/// The arguments that the calls for rows and for columns have in common.
private struct PartialLosses {
    let options: BinaryCrossEntropy
    let batch: BatchMemory
    let scale: Double
    let derivatives: DerivativeBuffers?

    init(
        _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?, _ scale: Double,
        _ gradient: UnsafeMutableRawPointer?, _ gradientRoom: Int64
    ) throws {
        let memory = try BatchMemory(batch)
        self.options = try BinaryCrossEntropy(options)
        self.batch = memory
        self.scale = scale
        derivatives = try gradient.map {
            DerivativeBuffers(try buffer($0, "gradient", gradientRoom, memory))
        }
    }

    func writeRows<R: LossScalar>(into losses: UnsafeMutableBufferPointer<R>) throws {
        try options.writeRows(batch, into: losses, derivatives, scale)
    }

    func writeColumns<R: LossScalar>(into losses: UnsafeMutableBufferPointer<R>) throws {
        try options.writeColumns(batch, into: losses, derivatives, scale)
    }
}

private func numbers<R>(
    _ pointer: UnsafeMutableRawPointer?, _ count: Int, _: R.Type
) throws -> UnsafeMutableBufferPointer<R> {
    try check(pointer, "losses", count: count, alignment: MemoryLayout<R>.alignment)
    return UnsafeMutableBufferPointer(start: pointer?.assumingMemoryBound(to: R.self), count: count)
}

private func invalidType(_ type: ce_type) -> InvalidArgument {
    InvalidArgument("type", "is \(type), expected CE_FLOAT32 or CE_FLOAT64")
}

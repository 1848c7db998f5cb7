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
        let call = try PartialLosses(.rows, options, batch, scale, gradient, gradientRoom)
        try call.write(into: losses, type, room)
    }
}

@c @implementation
public func ce_column_losses(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?, _ type: ce_type,
    _ losses: UnsafeMutableRawPointer?, _ room: Int64, _ scale: Double, _ gradient: UnsafeMutableRawPointer?,
    _ gradientRoom: Int64
) -> ce_status {
    attempt {
        let call = try PartialLosses(.columns, options, batch, scale, gradient, gradientRoom)
        try call.write(into: losses, type, room)
    }
}

/// A call for the losses of all rows, or of all columns.
private struct PartialLosses {
    enum Axis { case rows, columns }

    let axis: Axis
    let options: BinaryCrossEntropy
    let batch: BatchMemory
    let scale: Double
    let derivatives: DerivativeBuffers?

    init(
        _ axis: Axis, _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?,
        _ scale: Double, _ gradient: UnsafeMutableRawPointer?, _ gradientRoom: Int64
    ) throws {
        let memory = try BatchMemory(batch)
        self.axis = axis
        self.options = try BinaryCrossEntropy(options)
        self.batch = memory
        self.scale = scale
        derivatives = try gradient.map {
            DerivativeBuffers(try buffer($0, "gradient", gradientRoom, memory))
        }
    }

    func write(into losses: UnsafeMutableRawPointer?, _ type: ce_type, _ room: Int64) throws {
        switch Int(type) {
        case CE_FLOAT32: try write(into: losses, Float.self, room)
        case CE_FLOAT64: try write(into: losses, Double.self, room)
        default: throw InvalidArgument("type", "is \(type), expected CE_FLOAT32 or CE_FLOAT64")
        }
    }

    private func write<R: LossScalar>(
        into losses: UnsafeMutableRawPointer?, _: R.Type, _ room: Int64
    ) throws {
        let count = usedRoom(room, axis == .rows ? batch.rows : batch.columns)
        try check(losses, "losses", count: count, alignment: MemoryLayout<R>.alignment)
        let numbers = UnsafeMutableBufferPointer(
            start: losses?.assumingMemoryBound(to: R.self), count: count)
        switch axis {
        case .rows: try options.writeRows(batch, into: numbers, derivatives, scale)
        case .columns: try options.writeColumns(batch, into: numbers, derivatives, scale)
        }
    }
}

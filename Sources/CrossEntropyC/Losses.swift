// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface

@c @implementation
public func ce_loss(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?,
    _ loss: UnsafeMutablePointer<Double>?
) -> ce_status {
    attempt {
        let loss = try output(loss, "loss")
        let options = try BinaryCrossEntropy(options)
        let batch = try checked(batch, "batch")
        // With few elements, a call is nearly all overhead. Without a shape and weights, half of it can be avoided.
        if batch.pointee.isBare {
            let elements = try Elements(batch.pointee)
            loss.pointee = try options.loss(
                logits: elements.areLogits, elements.predictions, elements.targets)
        } else {
            loss.pointee = try options.loss(BatchMemory(batch))
        }
    }
}

@c @implementation
public func ce_losses(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?,
    _ losses: UnsafeMutableRawPointer?,
    _ room: Int64
) -> ce_status {
    attempt {
        let batch = try BatchMemory(batch)
        try BinaryCrossEntropy(options).write(batch, into: buffer(losses, "losses", room, batch))
    }
}

@c @implementation
public func ce_gradient(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?, _ scale: Double,
    _ gradient: UnsafeMutableRawPointer?, _ hessian: UnsafeMutableRawPointer?, _ room: Int64,
    _ loss: UnsafeMutablePointer<Double>?
) -> ce_status {
    attempt {
        let batch = try BatchMemory(batch)
        let options = try BinaryCrossEntropy(options)
        let derivatives = try DerivativeBuffers(
            buffer(gradient, "gradient", room, batch), hessian.map { try buffer($0, "hessian", room, batch) })
        if let loss {
            let loss = try output(loss, "loss")
            loss.pointee = try options.lossWritingDerivatives(batch, into: derivatives, scale)
        } else {
            try options.writeDerivatives(batch, into: derivatives, scale)
        }
    }
}

@c @implementation
public func ce_loss_report(
    _ options: UnsafePointer<ce_options>?, _ batch: UnsafePointer<ce_batch>?,
    _ report: UnsafeMutablePointer<ce_report>?
) -> ce_status {
    attempt {
        let report = try place(report, "report")
        report.pointee = try ce_report(BinaryCrossEntropy(options).report(BatchMemory(batch)))
    }
}

extension ce_report {
    init(_ report: LossReport) {
        self.init(
            size: MemoryLayout<ce_report>.size, loss: report.loss, standard_error: report.standardError,
            weight_sum: report.weightSum, count: Int64(report.count),
            ignored_count: Int64(report.ignoredCount),
            clipped_count: Int64(report.clippedCount), saturated_count: Int64(report.saturatedCount))
    }
}

/// Checks the address at which one result will be stored.
package func output<Result>(
    _ pointer: UnsafeMutablePointer<Result>?, _ argument: String
) throws -> UnsafeMutablePointer<Result> {
    try check(pointer, argument, count: 1, alignment: MemoryLayout<Result>.alignment)
    return pointer!
}

/// An output array with one number per element of a batch, in the type of its losses.
func buffer(
    _ pointer: UnsafeMutableRawPointer?, _ argument: String, _ room: Int64, _ batch: BatchMemory
) throws -> UnsafeMutableRawBufferPointer {
    let bytes = batch.result.bytes(1)
    let used = usedRoom(room, batch.count)
    try check(pointer, argument, count: used, alignment: bytes)
    return UnsafeMutableRawBufferPointer(start: pointer, count: used * bytes)
}

/// The part of an output that a call with `count` results uses. The library checks that it is enough.
func usedRoom(_ room: Int64, _ count: Int) -> Int { max(0, min(Int(room), count)) }

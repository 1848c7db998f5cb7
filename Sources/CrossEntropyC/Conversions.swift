// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import CrossEntropyCInterface
import CrossEntropyKernels

@c @implementation
public func ce_probabilities(
    _ type: ce_type, _ logits: UnsafeRawPointer?, _ count: Int64, _ results: UnsafeMutableRawPointer?,
    _ threads: Int32
) -> ce_status {
    attempt {
        let call = try Conversion(type, logits, "logits", count, results, threads)
        try call.options.writeProbabilities(call.numbers, into: call.results)
    }
}

@c @implementation
public func ce_logits(
    _ type: ce_type, _ probabilities: UnsafeRawPointer?, _ count: Int64, _ results: UnsafeMutableRawPointer?,
    _ threads: Int32
) -> ce_status {
    attempt {
        let call = try Conversion(type, probabilities, "probabilities", count, results, threads)
        try call.options.writeLogits(call.numbers, into: call.results)
    }
}

private struct Conversion {
    let options: BinaryCrossEntropy
    let numbers: Memory
    let results: UnsafeMutableRawBufferPointer

    init(
        _ type: ce_type, _ numbers: UnsafeRawPointer?, _ argument: String, _ count: Int64,
        _ results: UnsafeMutableRawPointer?, _ threads: Int32
    ) throws {
        let count = try size(count, "count")
        options = try BinaryCrossEntropy(threads: .init(threads))
        let storage = try Role.predictions.storage(type, argument)
        try check(numbers, argument, count: count, alignment: storage.alignment)
        self.numbers = Memory(numbers, storage, count: count)
        let bytes = storage.dtype.result.bytes(1)
        try check(results, "results", count: count, alignment: bytes)
        self.results = UnsafeMutableRawBufferPointer(start: results, count: count * bytes)
    }
}

// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The same data that the peers hold, in arrays as a program would have them; see `Scripts/peers/workload.py`.
struct PeerData {
    let logits: [Float]
    let probabilities: [Float]
    let targets: [Float]
    let softTargets: [Float]
    let weights: [Float]
    let columnWeights: [Float]
    let mask: [UInt8]

    init(folder: String, count: Int, columns: Int = 64) throws {
        logits = try readElements(folder + "/x.raw", count)
        probabilities = try readElements(folder + "/p.raw", count)
        targets = try readElements(folder + "/t.raw", count)
        softTargets = try readElements(folder + "/s.raw", count)
        weights = try readElements(folder + "/w.raw", count)
        columnWeights = try readElements(folder + "/c.raw", columns)
        mask = try readElements(folder + "/m.raw", count)
    }
}

func readElements<Element: BitwiseCopyable>(_ path: String, _ count: Int) throws -> [Element] {
    guard let file = fopen(path, "rb") else { throw PeerError.file(path) }
    defer { fclose(file) }
    return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = fread(buffer.baseAddress, MemoryLayout<Element>.stride, count, file)
        guard initialized == count else { throw PeerError.file(path) }
    }
}

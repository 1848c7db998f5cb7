// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import Foundation

/// The same data that the peers hold, in arrays as a program would have them; see `Scripts/peers/workload.py`.
struct PeerData<Element: LossScalar> {
    let logits: [Element]
    let probabilities: [Element]
    let targets: [Element]
    let softTargets: [Element]
    /// NaN where the mask is 0.
    let targetsWithMissing: [Element]
    let weights: [Element]
    let rowWeights: [Element]
    let columnWeights: [Element]
    let mask: [UInt8]

    init(folder: String, count: Int, columns: Int = 64) throws {
        logits = try readElements(folder + "/x.raw", count)
        probabilities = try readElements(folder + "/p.raw", count)
        targets = try readElements(folder + "/t.raw", count)
        softTargets = try readElements(folder + "/s.raw", count)
        targetsWithMissing = try readElements(folder + "/n.raw", count)
        weights = try readElements(folder + "/w.raw", count)
        rowWeights = try readElements(folder + "/r.raw", count / columns)
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

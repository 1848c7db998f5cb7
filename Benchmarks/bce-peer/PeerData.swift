// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The data that the peers hold too, in arrays as a program has them.
struct PeerData {
    var logits: [Float] = []
    var probabilities: [Float] = []
    var targets: [Float] = []
    var gradient: [Float] = []

    init() {}

    init(folder: String, count: Int) throws {
        logits = try Self.read(folder + "/x.raw", count)
        probabilities = try Self.read(folder + "/p.raw", count)
        targets = try Self.read(folder + "/t.raw", count)
        gradient = [Float](repeating: 0, count: count)
    }

    init(folder: String, logits: Int, targets: Int) throws {
        self.logits = try Self.read(folder + "/x.raw", logits)
        self.targets = try Self.read(folder + "/t.raw", targets)
    }

    private static func read(_ path: String, _ count: Int) throws -> [Float] {
        guard let file = fopen(path, "rb") else { throw PeerError.file(path) }
        defer { fclose(file) }
        return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = fread(buffer.baseAddress, MemoryLayout<Float>.stride, count, file)
            guard initialized == count else { throw PeerError.file(path) }
        }
    }
}

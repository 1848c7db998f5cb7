// SPDX-License-Identifier: Apache-2.0

import Foundation

/// All rows of a run, and the machine on which they were measured.
struct Report: Encodable {
    let machine: Machine
    var rows: [Row] = []

    init(machine: Machine) { self.machine = machine }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}

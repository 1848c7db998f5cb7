// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The human-readable table: a header, then rows in groups of one operation, scalar type and size.
enum Table {
    static func header(_ machine: Machine) -> String {
        var lines = [
            "\(machine.cpu), \(machine.cores) cores, level \(machine.level); OpenBLAS \(machine.blas)"
        ]
        if let advice = machine.blasAdvice { lines.append("NOTE: \(advice).") }
        lines += [
            "ns/el: time per element, median and best of all rounds; GB/s: bytes that must be read and written, by "
                + "the median;",
            "x naive: times faster than the naive loop; x limit: times slower than the limit; both by the median of "
                + "rounds' ratios.",
            "last-level cache \(machine.lastLevelCacheMiB) MiB; above 2^22 elements calls take turns on data that "
                + "together is four times as large, or more.",
        ]
        if Machine.isDebugBuild {
            lines.append("DEBUG BUILD: only the kernels of the library are optimised.")
        }
        lines.append("")
        lines.append(
            line([
                "operation", "scalar", "n", "threads", "implementation", "ns/el", "best", "per call", "GB/s",
                "x naive", "x limit",
            ]))
        return lines.joined(separator: "\n")
    }

    static func text(_ group: RowGroup) -> String {
        let bytes = group.setting.bytesPerElement
        let lines = zip(group.rows, group.notes).map { row, note in
            let cells = [
                row.operation, row.scalar, String(row.n), String(row.threads), row.implementation,
                decimal(row.nsPerElement, 4), decimal(row.bestNsPerElement, 4),
                duration(row.nsPerElement * Double(row.n)), decimal(bytes / row.nsPerElement, 1),
                decimal(row.ratioToNaive, 2), decimal(row.ratioToLimit, 2),
            ]
            return line(cells) + (note.isEmpty ? "" : "  " + note)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Words are left-aligned in their columns, numbers right-aligned.
    private static func line(_ cells: [String]) -> String {
        let widths = [-28, -6, 8, 7, -16, 8, 8, 9, 6, 7, 7]
        return zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + padding : padding + cell
        }.joined(separator: " ")
    }

    private static func duration(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1e3: decimal(nanoseconds, 1) + " ns"
        case ..<1e6: decimal(nanoseconds / 1e3, 1) + " us"
        default: decimal(nanoseconds / 1e6, 1) + " ms"
        }
    }
}

func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

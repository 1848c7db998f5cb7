// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Features row by row and their 0/1 targets.
struct Dataset {
    var features: [Double] = []
    var targets: [UInt8] = []
    var columns = 0

    var rows: Int { targets.count }

    /// A table with a header, the target in the last column.
    static func read(_ file: URL) throws -> Dataset {
        var data = Dataset()
        for (line, text) in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
            .enumerated()
        {
            let cells = text.split(separator: ",").map { Double($0) }
            guard let target = cells.last ?? nil, !cells.contains(nil) else {
                throw Failure("\(file.lastPathComponent), line \(line + 2): not all cells are numbers")
            }
            data.features += cells.dropLast().compactMap { $0 }
            data.targets.append(target == 1 ? 1 : 0)
            data.columns = cells.count - 1
        }
        return data
    }

    /// Every fourth row is for the test.
    func split() -> (train: Dataset, test: Dataset) {
        (rows { $0 % 4 != 3 }, rows { $0 % 4 == 3 })
    }

    private func rows(_ isIncluded: (Int) -> Bool) -> Dataset {
        let kept = (0..<rows).filter(isIncluded)
        return Dataset(
            features: kept.flatMap { features[$0 * columns..<($0 + 1) * columns] },
            targets: kept.map { targets[$0] }, columns: columns)
    }
}

/// Moves and scales each column to mean 0 and standard deviation 1 of the data that it was made from.
struct Standardiser {
    private let means: [Double]
    private let deviations: [Double]

    init(_ data: Dataset) {
        let (rows, columns) = (data.rows, data.columns)
        let means = (0..<columns).map { column in
            (0..<rows).reduce(0) { $0 + data.features[$1 * columns + column] } / Double(rows)
        }
        deviations = (0..<columns).map { column in
            let squares = (0..<rows).reduce(0) { sum, row in
                let distance = data.features[row * columns + column] - means[column]
                return sum + distance * distance
            }
            return (squares / Double(rows)).squareRoot()
        }
        self.means = means
    }

    func apply(_ data: Dataset) -> Dataset {
        var scaled = data
        for index in scaled.features.indices {
            let column = index % data.columns
            scaled.features[index] = (data.features[index] - means[column]) / deviations[column]
        }
        return scaled
    }
}

/// What ends the program, in one sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

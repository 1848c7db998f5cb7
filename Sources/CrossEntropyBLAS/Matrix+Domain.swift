// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropy
internal import CrossEntropyKernels

extension Matrix {
    /// Throws if an element is outside [0, 1], unless it is missing or `options` allow any value. Matrix products do
    /// not detect such an element, and take so much longer that checking for it first costs nothing in comparison.
    func checkDomain(
        _ argument: String, _ options: BinaryCrossEntropy, _ formula: Formula
    ) throws(CrossEntropyError) {
        guard options.domainChecks == .checked else { return }
        let level = try options.kernelLevel
        let isOneRow = unsafe rowStride == columns
        let (rows, columns) = unsafe isOneRow ? (1, rows * columns) : (rows, columns)
        for row in 0..<rows {
            let elements = unsafe self.row(row)
            guard elements.hasNumberOutside(0...1, count: columns, level) else { continue }
            for column in 0..<columns {
                let value = elements.number(column)
                guard value.isOutsideUnitInterval, !formula.isMissing(value) else { continue }
                throw .outsideUnitInterval(argument, row * columns + column, value)
            }
        }
    }
}

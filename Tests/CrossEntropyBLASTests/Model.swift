// SPDX-License-Identifier: Apache-2.0

import CrossEntropy
import TestSupport

/// The data and parameters of a logistic model, and its objective according to the definition.
struct Model {
    static let l2 = 0.25

    let rows, columns, labels, gap: Int
    let hasIntercept, isWeighted: Bool
    let name: String
    let features: [Double]
    let targets: [UInt8]
    let weights: [Double]
    let parameters: [Double]
    let direction: [Double]

    init(
        _ rows: Int, _ columns: Int, _ labels: Int, _ hasIntercept: Bool, _ gap: Int, isWeighted: Bool = false
    ) {
        let seed = UInt64(rows * 7919 + columns * 104_729 + labels)
        var numbers = SplitMix64(seed: seed)
        (self.rows, self.columns, self.labels, self.gap) = (rows, columns, labels, gap)
        (self.hasIntercept, self.isWeighted) = (hasIntercept, isWeighted)
        name = "\(rows) x \(columns), \(labels) labels, intercept \(hasIntercept), gap \(gap), seed \(seed)"
        features = numbers.normals(rows * (columns + gap), Double.self).map { Double(Float($0)) }
        targets = numbers.bits(rows * (labels + gap))
        weights = (0..<rows).map { _ in (numbers.unit() * 8).rounded() / 4 }
        let count = labels * (columns + (hasIntercept ? 1 : 0))
        // Chosen so that logits are about 1; multiples of 2^-20, which Float represents exactly.
        let spread = 1 / Double(max(1, columns)).squareRoot()
        parameters = numbers.normals(count, spread: spread, Double.self).map {
            ($0 * 0x1p20).rounded() * 0x1p-20
        }
        direction = numbers.normals(count, Double.self).map { ($0 * 0x1p16).rounded() * 0x1p-16 }
    }

    private var size: Int { columns + (hasIntercept ? 1 : 0) }

    /// The feature of the intercept is 1.
    private func feature(_ x: [Reference], _ row: Int, _ column: Int) -> Reference {
        column == columns ? 1 : x[row * (columns + gap) + column]
    }

    private func product(_ x: [Reference], _ row: Int, _ label: Int, _ vector: [Double]) -> Sum {
        (0..<size).reduce((0, 0)) { add($0, feature(x, row, $1) * Reference(vector[label * size + $1])) }
    }

    func logit(_ x: [Reference], _ row: Int, _ label: Int) -> Reference {
        product(x, row, label, parameters).0
    }

    /// A number, and the sum of the magnitudes of the terms that were added to obtain it, to which rounding is
    /// proportional.
    typealias Sum = (Reference, Reference)

    func expected(
        _ x: [Reference], _ reduction: BinaryCrossEntropy.Reduction
    ) -> (value: Sum, gradient: [Sum], product: [Sum]) {
        var value: Sum = (0, 0)
        var gradient = [Sum](repeating: (0, 0), count: labels * size)
        var product = gradient
        var divisor: Reference = 0
        for row in 0..<rows {
            let weight = isWeighted ? Reference(weights[row]) : 1
            for label in 0..<labels {
                let t = Reference(targets[row * (labels + gap) + label])
                let (z, sizeOfZ) = self.product(x, row, label, parameters)
                let (image, sizeOfImage) = self.product(x, row, label, direction)
                let p = ReferenceLoss.sigmoid(z)
                let h = p * (1 - p)
                value = add(value, weight * ReferenceLoss.logit(z, t), weight * abs(p - t) * sizeOfZ)
                divisor += reduction == .mean ? 1 : weight
                for column in 0..<size {
                    let f = feature(x, row, column)
                    let place = label * size + column
                    let of = weight * abs(f)
                    gradient[place] = add(gradient[place], weight * (p - t) * f, of * h * sizeOfZ)
                    product[place] = add(
                        product[place], weight * h * image * f, of * h * (sizeOfImage + abs(image) * sizeOfZ))
                }
            }
        }
        if reduction == .sum { divisor = 1 }
        func finish(_ sum: Sum, _ penalty: Reference) -> Sum {
            (sum.0 / divisor + penalty, sum.1 / divisor + abs(penalty) + 1)
        }
        func penalty(_ vector: [Double], _ place: Int) -> Reference {
            place % size == columns ? 0 : Reference(Self.l2) * Reference(vector[place])
        }
        let squares = parameters.indices.reduce(Reference(0)) {
            $0 + penalty(parameters, $1) * Reference(parameters[$1])
        }
        return (
            finish(value, squares / 2),
            gradient.indices.map { finish(gradient[$0], penalty(parameters, $0)) },
            product.indices.map { finish(product[$0], penalty(direction, $0)) }
        )
    }

    /// - Parameter error: what the term inherits from the rounding of other values, in their units.
    private func add(_ sum: Sum, _ term: Reference, _ error: Reference = 0) -> Sum {
        (sum.0 + term, sum.1 + abs(term) + error)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Implementation {
    /// Refuses to time what computes something else: sums, and what was written, must be the naive loop's. Its own error
    /// is 1e-6 in Float, that of a Float dot product on a tile more, and 1 - p loses what a small p is.
    static func checkAgreement<S>(
        _ all: [Implementation], _ operation: Operation<S>, _ rotation: Rotation<S>
    ) throws {
        guard let naive = all.first(where: { $0.name == Implementation.naive }) else { return }
        let reference = try naive.call()
        let written = rotation.current.written
        for implementation in all where !implementation.isYardstick {
            rotation.clear()
            let result = try implementation.call()
            guard abs(result - reference) <= 1e-3 * max(abs(reference), 1e-3) else {
                throw Refusal("\(implementation.name) computes \(result) where naive has \(reference)")
            }
            for (index, (value, expected)) in zip(rotation.current.written, written).enumerated() {
                guard abs(value - expected) <= 1e-3 * max(abs(expected), 1e-3) else {
                    throw Refusal(
                        "\(operation.name)/\(implementation.name) writes \(value) at \(index), naive \(expected)"
                    )
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Implementation {
    /// Refuses to time an implementation that computes something else: its sum, and what it writes, must agree with the
    /// naive loop. The naive loop's own error is 1e-6 in Float, a Float dot product over a tile has a larger one, and
    /// 1 - p loses the digits of a small p.
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

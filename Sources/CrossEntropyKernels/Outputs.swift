// SPDX-License-Identifier: Apache-2.0

internal import CrossEntropyCKernels

/// Where the requested outputs of a slice are written: losses, or derivatives with respect to the predictions.
package struct Outputs {
    package var losses, gradient, hessian: UnsafeMutableRawPointer?

    package init(
        losses: UnsafeMutableRawPointer? = nil, gradient: UnsafeMutableRawPointer? = nil,
        hessian: UnsafeMutableRawPointer? = nil
    ) {
        self.losses = losses
        self.gradient = gradient
        self.hessian = hessian
    }

    var isEmpty: Bool { losses == nil && gradient == nil }

    /// The outputs from element `index` on.
    package func from(_ index: Int, _ type: DType) -> Outputs {
        let offset = type.bytes(index)
        return Outputs(
            losses: losses.map { $0 + offset }, gradient: gradient.map { $0 + offset },
            hessian: hessian.map { $0 + offset })
    }
}

// SPDX-License-Identifier: Apache-2.0

import CVectorKernels
import VectorKernels
import XCTest

final class RowScratchTests: XCTestCase {
    /// Kernels do not check where they write; C cannot ask Swift how large its types are.
    func test_rowScratch_holdsSixteenProductsOfAnyType() {
        let numbers = 48 * MemoryLayout<Double>.stride
        for product in [
            MemoryLayout<LogitRow<Float>>.stride, MemoryLayout<LogitRow<Double>>.stride,
            MemoryLayout<ProbabilityRow<Float>>.stride, MemoryLayout<ProbabilityRow<Double>>.stride,
        ] {
            XCTAssertLessThanOrEqual(16 * product + numbers, Int(LK_ROW_SCRATCH))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyKernels
import MultiplyAdd

/// Float multiply-adds in registers at the full rate of the CPU: the limit of matrix products, however close to it the
/// BLAS comes.
enum MultiplyAdds {
    static var note: String { "multiply-adds in registers, \(KernelLevel.best.rawValue)" }

    static func run(_ count: Int, threads: Int) -> Double {
        inParallel(threads, count) { Double(multiplyAdd(Int64($0.count), 0.5, 1)) }
    }

    private static var multiplyAdd: (Int64, Float, Float) -> Float {
        #if arch(x86_64)
            switch KernelLevel.best {
            case .baseline: multiply_add_baseline
            case .avx2: multiply_add_avx2
            case .avx512: multiply_add_avx512
            }
        #else
            multiply_add_baseline
        #endif
    }
}

// SPDX-License-Identifier: Apache-2.0

import CrossEntropyBLAS
import CrossEntropyBLASCInterface
import CrossEntropyC

extension ce_blas_core: SizedStruct {}

@c @implementation
public func ce_blas_loaded_core(_ core: UnsafeMutablePointer<ce_blas_core>?) -> ce_status {
    attempt {
        let core = try place(core, "core")
        let loaded = OpenBLASCore.loaded()
        write(loaded?.name ?? "", into: &core.pointee.name)
        write(loaded?.betterCoreType ?? "", into: &core.pointee.better_core_type)
        write(loaded?.advice ?? "", into: &core.pointee.advice)
        core.pointee.is_fastest = loaded?.isFastest == false ? 0 : 1
    }
}

// SPDX-License-Identifier: Apache-2.0

package import CLossKernels

// The types of the C header that other modules use, so that those need not import it.
package typealias Column = CLossKernels.Column
package typealias DType = CLossKernels.DType
package typealias Formula = CLossKernels.Formula
package typealias Moments = CLossKernels.Moments

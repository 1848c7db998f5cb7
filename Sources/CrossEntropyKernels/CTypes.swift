// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyCKernels

// Types of the C header under names that modules can use without importing it.
package typealias Column = CrossEntropyCKernels.Column
package typealias DType = CrossEntropyCKernels.DType
package typealias Formula = CrossEntropyCKernels.Formula
package typealias Moments = CrossEntropyCKernels.Moments
package typealias ScorePlaces = CrossEntropyCKernels.ScorePlaces
package typealias SumTerm = CrossEntropyCKernels.SumTerm

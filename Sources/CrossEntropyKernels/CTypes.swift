// SPDX-License-Identifier: Apache-2.0

package import CrossEntropyCKernels

// The types of the C header that other modules use, so that those modules need not import it.
package typealias Column = CrossEntropyCKernels.Column
package typealias DType = CrossEntropyCKernels.DType
package typealias Formula = CrossEntropyCKernels.Formula
package typealias Moments = CrossEntropyCKernels.Moments
package typealias ScorePlaces = CrossEntropyCKernels.ScorePlaces
package typealias SumTerm = CrossEntropyCKernels.SumTerm

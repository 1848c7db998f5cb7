// SPDX-License-Identifier: Apache-2.0

public import CrossEntropyCKernels

// Types of the C header under names that modules can use without importing it. Those of elements are public because other
// modules inline functions that use them.
public typealias Column = CrossEntropyCKernels.Column
public typealias DType = CrossEntropyCKernels.DType
package typealias Formula = CrossEntropyCKernels.Formula
package typealias Moments = CrossEntropyCKernels.Moments
package typealias ScorePlaces = CrossEntropyCKernels.ScorePlaces
package typealias SumTerm = CrossEntropyCKernels.SumTerm

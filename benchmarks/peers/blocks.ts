// In which order the arms take turns. Pure.

/**
 * For each block a palindrome over the arms (A B C C B A): each arm has the same mean position, so that a machine that
 * gets steadily slower or faster favours none. Between two arms that is the order ABBA. From block to block the arms
 * rotate, and no arm always follows the same one.
 */
export function orderOfBlocks<T>(arms: readonly T[], blocks: number): T[][] {
  return Array.from({ length: blocks }, (_, block) => {
    const turn = block % Math.max(1, arms.length)
    const rotated = [...arms.slice(turn), ...arms.slice(0, turn)]
    return [...rotated, ...rotated.toReversed()]
  })
}

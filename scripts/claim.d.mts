/**
 * Tries to get the file at `path` (0600) for this process, with `text`, which no other process would write. undefined:
 * it is ours. Otherwise the text of the one who has it, `isLeftOver(text)` being false, or '' while that is changing.
 */
export function claimFile(path: string, text: string, isLeftOver: (text: string) => boolean): string | undefined

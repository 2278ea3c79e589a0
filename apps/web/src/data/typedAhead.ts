/** What a field that is not there yet will hold after one more key; keys that write nothing change nothing. */
export function typedAhead(text: string, key: string): string {
  if (key === 'Backspace') return [...text].slice(0, -1).join('')
  return [...key].length === 1 ? text + key : text
}

/** Printed width of text. string-width takes 15 ms to load, and most reports are plain ASCII. */
let widthInTerminal: ((text: string) => number) | null = null

/** Makes ready for the texts in these values, to be called before they are laid out. */
export async function loadWidths(...values: readonly unknown[]): Promise<void> {
  if (widthInTerminal !== null || /^[\x20-\x7e]*$/.test(JSON.stringify(values))) return
  const { default: stringWidth } = await import('string-width')
  widthInTerminal = stringWidth
}

/** In columns of a terminal; what nobody made ready for counts by characters. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  return widthInTerminal === null ? [...text].length : widthInTerminal(text)
}

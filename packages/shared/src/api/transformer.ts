// How values travel between the console's API and those that call it: as the JSON that they are. A richer encoding walks
// through every value of every answer to look for dates and maps, which takes longer than to make an answer of a
// megabyte. The API has none of them, which a test of its router watches.

/** What stands on the wire: `{"json": …}`. Without `json`: undefined, the input of procedures that take none. */
export interface OnTheWire {
  json?: unknown
}

/** For tRPC's server and clients alike. */
export const jsonTransformer = {
  serialize: (value: unknown): OnTheWire => ({ json: value }),
  deserialize: (wire: OnTheWire | undefined): unknown => wire?.json,
}

// What has come and waits: of a body that is sent on, of a connection that is read. A piece is a view of a whole chunk of a
// socket, and keeps it: so small ones that wait behind others are copied to where the last of these is. A peer that sends
// its body octet by octet to one that does not read would otherwise fill the memory with a window's worth of chunks; and
// what waited leaves in few frames.

/** Of the memory that small pieces are copied to, the first time and at most: it doubles while only small ones come. */
const FIRST_ROOM_BYTES = 1_024
const MAX_ROOM_BYTES = 16_384
/** Larger pieces stay what they are: a full queue of them is no more than a few chunks. */
const MAX_COPY_BYTES = 4_096

export class BodyQueue {
  /** Of the first piece, what was taken. */
  sent = 0
  /** All there is of most bodies. */
  #first: Buffer | undefined
  #rest: Buffer[] | null = null
  /** Where the last piece lies, with room behind it; null where that was given. */
  #room: Buffer | null = null
  #nextRoomBytes = FIRST_ROOM_BYTES
  #roomFrom = 0
  #roomTo = 0

  get first(): Buffer | undefined {
    return this.#first
  }

  add(bytes: Buffer): void {
    if (this.#first === undefined || bytes.length > MAX_COPY_BYTES) {
      this.#push(bytes)
      this.#leaveRoom()
      return
    }
    let room = this.#room
    if (room === null || room.length - this.#roomTo < bytes.length) {
      room = this.#room = Buffer.allocUnsafeSlow(Math.max(this.#nextRoomBytes, bytes.length))
      this.#nextRoomBytes = Math.min(2 * room.length, MAX_ROOM_BYTES)
      this.#roomFrom = this.#roomTo = 0
    } else this.#pop()
    bytes.copy(room, this.#roomTo)
    this.#roomTo += bytes.length
    this.#push(room.subarray(this.#roomFrom, this.#roomTo))
  }

  /** So many octets of the first piece were taken, and are not changed any more. */
  take(bytes: number): void {
    this.sent += bytes
    if (this.sent < (this.#first?.length ?? 0)) return
    this.#first = this.#rest?.shift()
    this.sent = 0
  }

  clear(): void {
    this.#first = undefined
    this.#rest = null
    this.sent = 0
    this.#leaveRoom()
  }

  #leaveRoom(): void {
    this.#room = null
    this.#nextRoomBytes = FIRST_ROOM_BYTES
  }

  #push(piece: Buffer): void {
    if (this.#first === undefined) this.#first = piece
    else if (this.#rest === null) this.#rest = [piece]
    else this.#rest.push(piece)
  }

  #pop(): void {
    if (this.#rest === null || this.#rest.length === 0) this.#first = undefined
    else this.#rest.pop()
  }
}

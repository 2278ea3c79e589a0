// Delivering where there is no other place to choose: to the application beside us, to a host outside. No policy repeats
// such a request; only a connection that was dead when it was taken costs nobody anything. As in delivery.ts one object
// hears what came of each attempt and waits for nothing.
import type { Failure, Outcome, OutcomeListener, OutgoingRequest, Upstream } from '../forward/upstream.ts'
import type { HeaderList } from '../listen/exchange.ts'
import type { Call } from './call.ts'
import { mayGoAgain } from './deadConnection.ts'
import type { DeliveryParts } from './delivery.ts'
import { discard } from './discard.ts'
import { answerHeaders, hintHeaders } from './headers.ts'
import type { ReplayBody } from './replayBody.ts'

export type DirectDeliveryParts = Pick<DeliveryParts, 'defect'>

export interface DirectParcel {
  readonly upstream: Upstream
  /** Without its body. */
  readonly request: OutgoingRequest
  readonly body: ReplayBody | null
  /** Answers the call in the mesh's own words. Not called where the call is over. */
  refuse(failure: Failure): void
}

export class DirectDelivery implements OutcomeListener {
  readonly #call: Call
  readonly #parcel: DirectParcel
  readonly #parts: DirectDeliveryParts
  #isRepeat = false

  constructor(call: Call, parcel: DirectParcel, parts: DirectDeliveryParts) {
    this.#call = call
    this.#parcel = parcel
    this.#parts = parts
  }

  begin(): void {
    const { upstream, request, body } = this.#parcel
    const sending = upstream.send(body === null ? request : { ...request, body: body.open() }, this.#inform)
    this.#call.breaksOff(sending)
    sending.whenSettled(this)
  }

  settled(outcome: Outcome): void {
    try {
      this.#took(outcome)
    } catch (error) {
      this.#parts.defect(this.#call.exchange, error)
    }
  }

  readonly #inform = (status: number, headers: HeaderList): void =>
    this.#call.exchange.inform(status, hintHeaders(headers))

  #took(outcome: Outcome): void {
    const call = this.#call
    if (call.isOver) {
      if (outcome.kind !== 'failed') discard(outcome)
      return
    }
    switch (outcome.kind) {
      case 'failed':
        if (this.#mayRepeat(outcome)) {
          this.#isRepeat = true
          this.begin()
        } else this.#parcel.refuse(outcome)
        return
      case 'switched':
        call.switch(outcome, this.#parcel.request.upgrade ?? '')
        return
      case 'answered':
        call.answer(outcome, answerHeaders(outcome.headers, outcome.status, false), null, null)
    }
  }

  /** Once: another one that is dead as well says that something else is wrong. */
  #mayRepeat(failure: Failure): boolean {
    const { body, request } = this.#parcel
    const kept = body === null ? 'none' : body.isLost ? 'lost' : 'kept'
    return !this.#isRepeat && mayGoAgain(failure, { method: request.method, body: kept })
  }
}

// A client of gRPC as an application has it, on grpc-js: it finds its proxy by the environment, as `heddle run` sets it.
import {
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  credentials,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js'

export interface Unary<Answer> {
  answer: Answer
  /** Before the message, and behind it. */
  metadata: Metadata
  trailers: Metadata
}

export interface CallOptions {
  metadata?: Metadata
  /** Milliseconds from now. */
  timeoutMs?: number
  /** Called with the call when it has begun. */
  begun?(call: ClientUnaryCall): void
}

export class GrpcClient implements Disposable {
  readonly #client: Client

  /** `target`: HOST:PORT. Retries are the mesh's, and every client has a connection of its own. */
  constructor(target: string, options: ClientOptions = {}) {
    this.#client = new Client(target, credentials.createInsecure(), {
      'grpc.enable_retries': 0,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      ...options,
    })
  }

  /** Rejects with a ServiceError where the status is not OK. */
  unary<Request, Answer>(
    method: MethodDefinition<Request, Answer>,
    request: Request,
    { metadata = new Metadata(), timeoutMs, begun }: CallOptions = {},
  ): Promise<Unary<Answer>> {
    const { path, requestSerialize, responseDeserialize } = method
    const { promise, resolve, reject } = Promise.withResolvers<Unary<Answer>>()
    let first = new Metadata()
    let answer: Answer | undefined
    const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs }
    const call = this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      (error, value) => {
        if (error) reject(error)
        else answer = value
      },
    )
    call.on('metadata', (fields) => {
      first = fields
    })
    // Comes behind the callback.
    call.on('status', ({ metadata: trailers }) => {
      if (answer !== undefined) resolve({ answer, metadata: first, trailers })
    })
    begun?.(call)
    return promise
  }

  serverStream<Request, Answer>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Answer>,
    request: Request,
  ): ClientReadableStream<Answer> {
    return this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request)
  }

  clientStream<Request, Answer>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Answer>,
    answered: (error: ServiceError | null, answer?: Answer) => void,
  ): ClientWritableStream<Request> {
    return this.#client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, answered)
  }

  bidirectional<Request, Answer>({
    path,
    requestSerialize,
    responseDeserialize,
  }: MethodDefinition<Request, Answer>): ClientDuplexStream<Request, Answer> {
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize)
  }

  [Symbol.dispose](): void {
    this.#client.close()
  }
}

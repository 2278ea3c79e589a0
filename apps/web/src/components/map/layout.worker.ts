// The layout engine, in a thread of its own: a thousand edges take it a while. It answers elkjs' API by itself.
import 'elkjs/lib/elk-worker.min.js'

// For a program of others that we start: it ends when the one that started it is gone, however that went.
'use strict'

if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

// HAProxy, one thread. HTTP/2 between the two sides, which at 64 connections takes it about half of what HTTP/1.1 does. The
// route's header as an ACL, power of two choices, connections shared by all callers, one more try, and on the server side
// the verified certificate, the method and the path before the answer. Its windows are of 1 MB: with those of 64 KB, the
// default, 2.6.12 ends some streamed answers of gRPC before they are whole, and says that they are. The check, once a
// minute, is there only to bring back a server that was marked down, which nothing else does.
import { onPath } from '../onPath.ts'
import { ROUTE_HEADER, SERVER_NAME } from './arm.ts'
import { configuredArm, type Place, type Program } from './configured.ts'

const program: Program = {
  name: 'haproxy',
  find: () => onPath('haproxy'),
  advice: 'HAProxy is not on this machine (Debian package: haproxy).',
  versionArguments: ['-v'],
  configure: configOf,
  arguments: (configFile) => ['-db', '-f', configFile],
}

export const haproxy = configuredArm(program)

function configOf({ role, protocol, listen, to, certificates }: Place): string {
  const bind =
    role === 'server'
      ? `bind 127.0.0.1:${listen} ssl crt ${certificates.server.both} ca-file ${certificates.root} verify required alpn h2,http/1.1`
      : `bind 127.0.0.1:${listen}${protocol === 'grpc' ? ' proto h2' : ''}`
  const deny =
    role === 'server'
      ? 'http-request deny deny_status 403 unless { ssl_c_verify 0 } { method GET POST } { path_beg / }'
      : ''
  const speaking =
    role === 'client'
      ? `ssl crt ${certificates.client.both} ca-file ${certificates.root} verify required verifyhost ${SERVER_NAME} sni str(${SERVER_NAME}) no-ssl-reuse alpn h2`
      : protocol === 'grpc'
        ? 'proto h2'
        : ''
  return `global
  nbthread 1
  maxconn 8192
  ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets
  ssl-default-server-options ssl-min-ver TLSv1.3 no-tls-tickets
  tune.ssl.cachesize 0
  tune.h2.initial-window-size 1048576

defaults
  mode http
  timeout connect 1s
  timeout client 5m
  timeout server 5m
  timeout http-keep-alive 1h
  http-reuse always
  retries 1
  option redispatch
  retry-on conn-failure empty-response 503

frontend taking
  ${bind}
  ${deny}
  http-request set-header x-request-id %[uuid] unless { req.hdr(x-request-id) -m found }
  use_backend next if { req.hdr(${ROUTE_HEADER.name}) -m str ${ROUTE_HEADER.value} }

backend next
  balance random(2)
  server one 127.0.0.1:${to} ${speaking} pool-purge-delay 1h observe layer7 error-limit 7 on-error mark-down check inter 60s downinter 500ms rise 1
`
}

// nginx, one worker. Its side of the comparison: the route's header by `map`, power of two choices, a pool of kept
// connections, one more try, and on the server side the verified certificate, the method and the path before the answer.
// Without a module it cannot read the SPIFFE id in a certificate, so its rule is a little cheaper than the others'.
import { onPath } from '../onPath.ts'
import { ROUTE_HEADER, SERVER_NAME } from './arm.ts'
import { configuredArm, type Place, type Program } from './configured.ts'

const program: Program = {
  name: 'nginx',
  find: () => onPath('nginx'),
  advice: 'nginx is not on this machine (Debian package: nginx-light).',
  versionArguments: ['-v'],
  configure: (place) =>
    nginxConfig(place.directory, [
      `map $http_${ROUTE_HEADER.name.replaceAll('-', '_')} $is_routed { ${ROUTE_HEADER.value} 1; default 0; }`,
      'map "$request_method $uri" $is_allowed { ~^(GET|POST) 1; default 0; }',
      upstreamOf(place),
      serverOf(place),
    ]),
  arguments: (configFile, { directory }) => ['-p', directory, '-e', `${directory}/error.log`, '-c', configFile],
}

export const nginx = configuredArm(program)

/** What every nginx of the bench has: one worker in the foreground, no access log, connections that stay. */
export function nginxConfig(directory: string, inHttp: readonly string[]): string {
  // Its workers would leave root's own directory otherwise.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `${user}
daemon off;
worker_processes 1;
pid ${directory}/pid;
error_log ${directory}/error.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout 1h;
  keepalive_requests 100000000;
  open_file_cache max=100;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  ${inHttp.join('\n  ')}
}
`
}

const upstreamOf = ({ to }: Place): string => `upstream next {
    zone next 64k;
    random two least_conn;
    server 127.0.0.1:${to} max_fails=7 fail_timeout=1s;
    keepalive 512;
    keepalive_requests 100000000;
    keepalive_timeout 1h;
  }`

function serverOf(place: Place): string {
  const { role, protocol, listen, certificates } = place
  const isGrpc = protocol === 'grpc'
  const http2 = isGrpc ? ' http2' : ''
  const listening =
    role === 'server'
      ? `listen 127.0.0.1:${listen} ssl${http2};
    ssl_certificate ${certificates.server.chain};
    ssl_certificate_key ${certificates.server.key};
    ssl_client_certificate ${certificates.root};
    ssl_verify_client on;
    ssl_verify_depth 2;
    ssl_protocols TLSv1.3;
    ssl_session_tickets off;
    ssl_session_cache off;`
      : `listen 127.0.0.1:${listen}${http2};`
  const module = isGrpc ? 'grpc' : 'proxy'
  const scheme = isGrpc ? { clear: 'grpc', tls: 'grpcs' } : { clear: 'http', tls: 'https' }
  const calling =
    role === 'client'
      ? `${module}_pass ${scheme.tls}://next;
      ${module}_ssl_certificate ${certificates.client.chain};
      ${module}_ssl_certificate_key ${certificates.client.key};
      ${module}_ssl_trusted_certificate ${certificates.root};
      ${module}_ssl_verify on;
      ${module}_ssl_verify_depth 2;
      ${module}_ssl_server_name on;
      ${module}_ssl_name ${SERVER_NAME};
      ${module}_ssl_protocols TLSv1.3;
      ${module}_ssl_session_reuse off;`
      : `${module}_pass ${scheme.clear}://next;`
  const allowed = role === 'client' ? '' : 'if ($is_allowed = 0) { return 403; }'
  const onlyHttp = `proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffers 16 16k;
      proxy_max_temp_file_size 0;`
  return `server {
    ${listening}
    location = /stub_status { stub_status; }
    location / {
      if ($is_routed = 0) { return 404; }
      ${allowed}
      ${calling}
      ${isGrpc ? '' : onlyHttp}
      ${module}_set_header Host $host;
      ${module}_set_header X-Request-Id $request_id;
      ${module}_connect_timeout 1s;
      ${module}_next_upstream error timeout http_503;
      ${module}_next_upstream_tries 2;
      ${module}_buffer_size 16k;
      client_body_buffer_size 64k;
      client_max_body_size 0;
    }
  }`
}

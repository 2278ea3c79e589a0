import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

// Every mistake is said at once, with the name of the variable.
test('a wrong environment is refused with all its mistakes', () => {
  const read = () =>
    readConfig({
      NODE_ENV: 'test',
      HEDDLE_CONSOLE_URL: 'ftp://x',
      HEDDLE_CONTROL: 'https://a:4000,http://b',
      HEDDLE_HOME: '/x',
    })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(
    /CONSOLE_DATABASE_URL: is not set\n {2}HEDDLE_CONSOLE_URL: must be an origin[^\n]*\n {2}HEDDLE_CONTROL: must be https URLs/,
  )
})

// What browsers send as Origin is compared with it, so the path is cut off.
test('the URL of the console is its origin', () => {
  const config = readConfig({
    NODE_ENV: 'test',
    CONSOLE_DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/heddle',
    HEDDLE_CONSOLE_URL: 'https://mesh.example:8443/console/',
    HEDDLE_CONTROL: ' https://127.0.0.1:4000 ,',
    HEDDLE_HOME: '/x',
  })
  expect(config).toEqual({
    databaseUrl: 'postgresql://u:p@127.0.0.1:5432/heddle',
    home: '/x',
    url: 'https://mesh.example:8443',
    controls: ['https://127.0.0.1:4000'],
  })
})

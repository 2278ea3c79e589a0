// The one door to @peculiar/x509, which needs reflect-metadata loaded before it.
import 'reflect-metadata'

export * from '@peculiar/x509'

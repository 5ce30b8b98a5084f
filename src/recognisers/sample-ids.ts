/** Made-up ids for the samples of recognisers, so that a sample can be read. */
export const CONTAINER = '4f0e7b8bd0f7f32b8bcd1a9f2d3c8f7ab1b6a6f4a0e5a2f7c2d3e4f5a6b7c8d9'
export const SANDBOX = '9c1d2e3f4a5b60718293a4b5c6d7e8f99c1d2e3f4a5b60718293a4b5c6d7e8f9'
export const POD_UID = '8a6f4c02-1b2d-4c55-9a3e-0c9d5f2e7b11'
/** `ownMs` and `ownIso` of a text without a stamp of its own. */
export const NO_STAMP = { ownMs: null, ownIso: null } as const

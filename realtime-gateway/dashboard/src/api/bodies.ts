import type { Operations } from "./rest";

/** `/api/v1/tickets/{id}/status` as the addresses that it stands for. */
type AddressOf<Path extends string> = Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${AddressOf<After>}` : Path;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type OperationAt<Method extends string, Address extends string> = {
  [Key in keyof Operations]: Key extends `${Method} ${infer Path}` ? (Same<AddressOf<Path>, Address> extends true ? Key : never) : never;
}[keyof Operations];

type Sent<Key> = Key extends keyof Operations ? (Operations[Key] extends { readonly body: infer Body } ? Body : unknown) : unknown;

/**
 * What the contract wants to be sent there. Unknown where it says nothing, and for an address that is put together so that
 * the compiler does not know it.
 */
export type BodyOf<Method extends string, Address extends string> = [OperationAt<Method, Address>] extends [never]
  ? unknown
  : Sent<OperationAt<Method, Address>>;

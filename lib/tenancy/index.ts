export { bootstrap, bootstrapDemo, type FirstStart } from "./bootstrap";
export { createEnvironment, slugById } from "./environments";
export { flushUse, identifyKey, identifySession, type KeyIdentity, rolesIn, type Session, sweepKeys } from "./identify";
export { createKey, listKeys, revokeKey } from "./keys";
export { changePassword, disablePerson, invitePerson, listPeople, setRoles } from "./people";
export { isSetUp, setUp } from "./set-up";
export { type SignedIn, signIn, signInWith } from "./sign-in";

/** The newest runs that did not end in success: the same words for the server and the page. */
export const FAILED = { stop_reason: "not_success", limit: 5 };

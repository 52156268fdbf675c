/** What stands behind these is not the client's: the API and its other names, its page, the admin panel.
 *
 * src/app/browser.py has the same list; a test compares them.
 */
export const ELSEWHERE = /^\/(admin|api|auth|docs|games|health|metrics|staff|token|users|ws)(\/|$)/;

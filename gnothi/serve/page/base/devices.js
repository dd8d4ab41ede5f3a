/** Microphones and cameras: why the browser gives none. */

const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Return why a device can't be had, after the browser's *error*: a key of the pack. */
export function withheld(error) {
  return REASONS[error.name] ?? "broken";
}

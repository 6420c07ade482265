import "@testing-library/jest-dom";

// jsdom has no pointer events; Base UI makes one when a key or click toggles a checkbox.
if (typeof window !== "undefined") window.PointerEvent ??= MouseEvent as typeof PointerEvent;

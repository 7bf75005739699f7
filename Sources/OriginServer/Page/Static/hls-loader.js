"use strict";

// Loads hls.js from the configured address, in whichever form its build has.

async function loadHls(address) {
    // As a module first: a build for classic scripts sets its global there too, while a module in a
    // classic script is an error in the browser's log.
    const exports = Object.values(await import(address).catch(() => ({})));
    // Whatever a module calls its exports.
    const isHls = (item) => typeof item?.isSupported === "function" && item.Events;
    const found = exports.find(isHls) ?? window.Hls;
    if (found) return found;
    // Another site's script may be run where it may not be imported.
    const script = document.createElement("script");
    script.src = address;
    await new Promise((resolve) => {
        script.onload = script.onerror = resolve;
        document.head.append(script);
    });
    return window.Hls;
}

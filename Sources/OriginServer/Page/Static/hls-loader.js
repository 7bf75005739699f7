"use strict";

// Loads hls.js from the configured address, in whichever form its build has.

async function loadHls(address) {
    const script = document.createElement("script");
    script.src = address;
    await new Promise((resolve) => {
        script.onload = script.onerror = resolve;
        document.head.append(script);
    });
    if (window.Hls) return window.Hls;
    // A build that is an ES module, whatever it calls its exports.
    const exports = Object.values(await import(address));
    return exports.find((item) => typeof item?.isSupported === "function" && item.Events);
}

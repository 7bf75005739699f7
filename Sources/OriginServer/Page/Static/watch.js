"use strict";

// Plays one video: hls.js where an address of it is configured and the browser has Media Source
// Extensions, the browser's own HLS otherwise. Subtitles are sidecar tracks in both cases.

const facts = JSON.parse(document.getElementById("video").textContent);
const video = document.querySelector(".stage video");
const notice = document.querySelector(".stage .notice");
const choices = {
    quality: document.getElementById("quality"),
    audio: document.getElementById("audio"),
    subtitles: document.getElementById("subtitles"),
};

function say(text) {
    notice.textContent = text;
    notice.hidden = !text;
}

function fill(select, options, chosen) {
    select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
    select.value = chosen;
    select.closest("label").hidden = options.length < 2;
}

function playWithHls(Hls) {
    const player = new Hls({ enableWorker: true, startLevel: -1, renderTextTracksNatively: false });
    let recoveries = 0;
    player.on(Hls.Events.MANIFEST_PARSED, () => {
        const levels = player.levels
            .map((level, index) => [String(index), `${Math.min(level.width, level.height)}p`, level.bitrate])
            .sort((a, b) => b[2] - a[2]);
        fill(choices.quality, [["-1", "Auto"], ...levels.map(([value, label]) => [value, label])], "-1");
    });
    player.on(Hls.Events.AUDIO_TRACKS_UPDATED, () => {
        const tracks = player.audioTracks.map((track, index) => [String(index), track.name]);
        fill(choices.audio, tracks, String(Math.max(player.audioTrack, 0)));
    });
    player.on(Hls.Events.LEVEL_SWITCHED, (_, data) => { video.dataset.level = data.level; });
    player.on(Hls.Events.ERROR, (_, data) => {
        if (!data.fatal) return;
        if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoveries++ < 2) {
            player.recoverMediaError();
        } else {
            say(`This video cannot be played: ${data.details}.`);
            player.destroy();
        }
    });
    choices.quality.onchange = () => { player.nextLevel = Number(choices.quality.value); };
    choices.audio.onchange = () => { player.audioTrack = Number(choices.audio.value); };
    player.subtitleDisplay = false;
    player.loadSource(facts.hls);
    player.attachMedia(video);
    video.dataset.player = "hls.js";
    window.millracePlayer = player;
}

// The browser chooses renditions by itself; a choice made here is a playlist that names only that.
function playNatively() {
    const source = () => {
        const query = new URLSearchParams();
        if (choices.quality.value) query.set("quality", choices.quality.value);
        if (choices.audio.value) query.set("audio", choices.audio.value);
        return query.size ? `${facts.hls}?${query}` : facts.hls;
    };
    const reload = () => {
        const [time, paused] = [video.currentTime, video.paused];
        video.src = source();
        video.addEventListener("loadedmetadata", () => {
            video.currentTime = time;
            if (!paused) video.play();
        }, { once: true });
    };
    fill(choices.quality, [["", "Auto"], ...facts.qualities.map((name) => [name, name])], "");
    const audio = facts.audio.map((track) => [track.language, track.label]);
    fill(choices.audio, audio, audio.length ? audio[0][0] : "");
    if (audio.length < 2) choices.audio.value = "";
    choices.quality.onchange = choices.audio.onchange = reload;
    video.src = facts.hls;
    video.dataset.player = "native";
}

function offerSubtitles() {
    for (const track of facts.subtitles) {
        const element = document.createElement("track");
        Object.assign(element, { kind: "subtitles", src: track.url, srclang: track.language, label: track.label });
        video.append(element);
    }
    const tracks = facts.subtitles.map((track, index) => [String(index), track.label]);
    fill(choices.subtitles, [["", "Off"], ...tracks], "");
    choices.subtitles.onchange = () => {
        const own = [...video.querySelectorAll("track")].map((element) => element.track);
        own.forEach((track, index) => {
            track.mode = String(index) === choices.subtitles.value ? "showing" : "disabled";
        });
    };
}

async function start() {
    offerSubtitles();
    video.addEventListener("error", () => {
        if (video.dataset.player === "native") say(`This video cannot be played: ${video.error?.message || "unknown format"}.`);
    });
    if (facts.hlsScript && window.MediaSource) {
        try {
            const Hls = await loadHls(facts.hlsScript);
            if (Hls?.isSupported()) return playWithHls(Hls);
        } catch (error) {
            console.warn("hls.js could not be loaded", error);
        }
    }
    if (video.canPlayType("application/vnd.apple.mpegurl")) return playNatively();
    say("This browser does not play HLS by itself. Set page.hls_js in origin.yaml to an address of hls.js.");
}

start();

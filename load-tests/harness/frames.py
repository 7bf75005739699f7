#!/usr/bin/python3
"""A camera that shows the time: frames.py writes 30 raw pictures a second to its standard output.

The top of each picture is a bar code of 32 cells: 28 bits of milliseconds since 1970 and the sum of
their seven digits. Below it something moves, so that the encoder has work. `times` reads them back.
"""

import subprocess
import sys
import time

WIDTH, HEIGHT, RATE = 640, 368, 30
CELLS, CODE_ROWS = 32, 32
CELL = WIDTH // CELLS
DARK, LIGHT = bytes([24]) * CELL, bytes([226]) * CELL
PERIOD = 1 << 28


def digits(value):
    return sum(value >> place & 15 for place in range(0, 28, 4)) & 15


def code(milliseconds):
    value = milliseconds % PERIOD
    word = value << 4 | digits(value)
    row = b"".join(LIGHT if word >> 31 - cell & 1 else DARK for cell in range(CELLS))
    return row * CODE_ROWS


def write(output):
    rows = HEIGHT - CODE_ROWS
    texture = b"".join(bytes((x * y // 96 + y) & 0x7F | 0x40 for x in range(WIDTH))
                       for y in range(2 * rows))
    color = bytes([128]) * (WIDTH * HEIGHT // 2)
    due, number = time.monotonic(), 0
    while True:
        now = time.monotonic()
        if due > now:
            time.sleep(due - now)
        elif now - due > 1 / RATE:
            # The encoder was not ready: no burst afterwards.
            due = now
        due += 1 / RATE
        start = number * 2 % rows * WIDTH
        number += 1
        picture = texture[start:start + rows * WIDTH]
        output.write(code(int(time.time() * 1000)) + picture + color)
        output.flush()


def times(media, format, now):
    """Seconds since 1970 of each picture of `media`; None where its code cannot be read."""
    made = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", format, "-i", "pipe:0", "-map", "0:v", "-vf",
         f"format=gray,crop={WIDTH}:1:0:{CODE_ROWS // 2}", "-vsync", "passthrough",
         "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"],
        input=media, capture_output=True, check=True).stdout
    return [moment(made[at:at + WIDTH], now) for at in range(0, len(made), WIDTH)]


def moment(row, now):
    word = 0
    for cell in range(CELLS):
        word = word << 1 | (row[cell * CELL + CELL // 2] > 125)
    value = word >> 4
    if digits(value) != word & 15:
        return None
    # The 28 bits nearest before now.
    return now - ((int(now * 1000) - value) % PERIOD) / 1000


if __name__ == "__main__":
    try:
        write(sys.stdout.buffer)
    except BrokenPipeError:
        pass

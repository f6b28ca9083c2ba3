"""The generated test pictures, by the integer formulas of crates/tutela-match/tests/it/pictures.rs."""

import numpy


def picture(family, p, w, h):
    """One picture as an array of height × width (grey) or height × width × 3 bytes."""
    y, x = numpy.mgrid[0:h, 0:w].astype(numpy.int64)
    match family:
        case "gradx":
            values = x * 255 // (w - 1)
        case "check":
            values = numpy.where((x // p + y // p) % 2 == 1, 255, 0)
        case "xor":
            values = ((x * p) ^ (y * p)) & 255
        case "flat":
            values = numpy.full((h, w), p)
        case "gradxy":
            values = stack(x * 255 // (w - 1), y * 255 // (h - 1), (x + y) * 255 // (w + h - 2))
        case "rings":
            d = (2 * x - w) ** 2 + (2 * y - h) ** 2
            values = stack(triangle(d // p, 256), triangle(d // (p + 3), 200), triangle(d // (p + 7), 128))
        case "stripes":
            values = stack(
                triangle(x + 2 * y, 2 * p), triangle(3 * x + y, 4 * p), triangle(x * y // (p + 1), 6 * p)
            )
        case "discs":
            values = discs(p, w, h, x, y)
        case "blocks":
            values = noise(-(-w // p), -(-h // p), 1000 + p)[y // p, x // p]
        case "smooth":
            values = smooth(p, w, h, x, y)
        case "noise":
            values = noise(w, h, 42 + p)
    return values.astype(numpy.uint8)


def stack(*channels):
    return numpy.stack(channels, axis=2)


def triangle(value, period):
    half, place = period // 2, value % period
    return numpy.where(place >= half, period - 1 - place, place) * 255 // max(1, half - 1)


def noise(columns, rows, seed):
    state, draws = seed, numpy.empty(columns * rows * 3, numpy.int64)
    for i in range(draws.size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        draws[i] = state >> 24
    return draws.reshape(rows, columns, 3)


def discs(p, w, h, x, y):
    values = stack(x * 200 // (w - 1), y * 200 // (h - 1), numpy.full((h, w), 60))
    for i in range(24):
        centre_x, centre_y = (i * 7919 + p * 131) % w, (i * 104729 + p * 17) % h
        radius = min(w, h) * (3 + (i * 5 + p) % 9) // 40
        inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 <= radius * radius
        values[inside] = (i * 61 + p * 29) % 256, (i * 97 + p * 53) % 256, (i * 151 + p * 7) % 256
    return values


def smooth(p, w, h, x, y):
    cells = noise(w // p + 2, h // p + 2, 7000 + p)
    i, j, u, v = x // p, y // p, (x % p)[..., None], (y % p)[..., None]
    upper = cells[j, i] * (p - u) + cells[j, i + 1] * u
    lower = cells[j + 1, i] * (p - u) + cells[j + 1, i + 1] * u
    return (upper * (p - v) + lower * v) // (p * p)

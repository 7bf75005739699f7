#pragma once

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/log.h>
#include <libavutil/mastering_display_metadata.h>
#include <libswscale/swscale.h>

// Swift imports neither of libav's computed macros.
static const int MillraceAVErrorEOF = AVERROR_EOF;
static const int MillraceAVErrorAgain = AVERROR(EAGAIN);
static const int MillraceAVErrorExit = AVERROR_EXIT;
static const int64_t MillraceAVNoPTS = AV_NOPTS_VALUE;

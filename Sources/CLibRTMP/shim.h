#pragma once

#include <librtmp/amf.h>
#include <librtmp/log.h>
#include <librtmp/rtmp.h>

/// Where librtmp's socket buffer begins: Swift imports no array as long as this one.
static inline char *MillraceSocketBuffer(RTMP *rtmp) {
    return rtmp->m_sb.sb_buf;
}

/// The log callback's list of arguments is of no use to Swift.
static void MillraceIgnoreLog(int level, const char *format, va_list arguments) {
    (void)level, (void)format, (void)arguments;
}

/// librtmp says nothing on standard error: what comes in from outside is not for the log.
static inline void MillraceSilenceLog(void) {
    RTMP_LogSetLevel(RTMP_LOGCRIT);
    RTMP_LogSetCallback(MillraceIgnoreLog);
}

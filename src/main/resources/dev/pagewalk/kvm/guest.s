# The guest's code: one page, mapped twice, for CPL 0 and for CPL 3.
#
# Registers and memory are set from outside, one instruction is run, and HLT ends the run: at CPL 0
# it leaves the guest, at CPL 3 it raises #GP, whose handler leaves it. Which instruction it was, and
# whether it was carried out, is told by RIP: of the processor, or on the handler's stack.
#
# Assembled by:  as --64 guest.s -o guest.o && objcopy -O binary -j .text guest.o guest.bin
# GuestCodeTest compares guest.bin with what this file says, wherever there is an assembler.

        .text
        .intel_syntax noprefix

# Handlers of the exceptions 0 to 31, one byte each: which one ran is told by RIP.
handlers:
        .fill   32, 1, 0xf4

        .org    0x20                    # read RDI
        mov     al, [rdi]
        hlt
        .org    0x28
        mov     ax, [rdi]
        hlt
        .org    0x30
        mov     eax, [rdi]
        hlt
        .org    0x38
        mov     rax, [rdi]
        hlt

        .org    0x40                    # write RDI
        mov     [rdi], al
        hlt
        .org    0x48
        mov     [rdi], ax
        hlt
        .org    0x50
        mov     [rdi], eax
        hlt
        .org    0x58                    # also: software stores a word
        mov     [rdi], rax
        hlt

        .org    0x60                    # fetch from RDI, where HLT stands
        jmp     rdi

        .org    0x68
        invlpg  [rdi]
        hlt
        .org    0x70
        invpcid rax, [rsi]
        hlt
        .org    0x78
        mov     cr0, rax
        hlt
        .org    0x80
        mov     cr3, rax
        hlt
        .org    0x88
        mov     cr4, rax
        hlt
        .org    0x90
        wrmsr
        hlt
        .org    0x98
        wrpkru
        hlt
        .org    0xa0                    # where RET comes to, if RET was fetched
        hlt
        .org    0xa8

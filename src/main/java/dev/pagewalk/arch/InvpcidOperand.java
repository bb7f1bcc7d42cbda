package dev.pagewalk.arch;

/**
 * The operands of INVPCID. Source: SDM 2 "INVPCID".
 *
 * @param type 0 one address, 1 one PCID, 2 all with globals, 3 all without globals
 * @param pcid bits 63:0 of the descriptor; legal are 0 to 0xfff
 * @param linearAddress bits 127:64 of the descriptor
 */
public record InvpcidOperand(long type, long pcid, long linearAddress) {}

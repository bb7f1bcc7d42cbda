package dev.pagewalk.tidy;

import java.lang.classfile.Annotation;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The classes that a class file names: in its constant pool, in the descriptors and generic
 * signatures of its members, and in annotations.
 */
final class ClassReferences {
  private final Set<String> names = new TreeSet<>();

  private ClassReferences() {}

  /** Binary names, such as {@code dev.pagewalk.arch.Field$Kind}; the class's own among them. */
  static Set<String> of(byte[] classFile) {
    ClassReferences references = new ClassReferences();
    ClassModel model = ClassFile.of().parse(classFile);
    model.constantPool().forEach(references::add);
    references.addSignature(model, Kind.CLASS);
    model.fields().forEach(field -> references.add(field.fieldTypeSymbol()));
    model.fields().forEach(field -> references.addSignature(field, Kind.FIELD));
    model.methods().forEach(method -> references.add(method.methodTypeSymbol()));
    model.methods().forEach(method -> references.addSignature(method, Kind.METHOD));
    model
        .findAttribute(Attributes.record())
        .ifPresent(record -> record.components().forEach(references::add));
    return references.names;
  }

  private enum Kind {
    CLASS,
    FIELD,
    METHOD
  }

  private void add(PoolEntry entry) {
    switch (entry) {
      case ClassEntry reference -> add(reference.asSymbol());
      case MethodTypeEntry type -> add(type.asSymbol());
      case NameAndTypeEntry member -> {
        String type = member.type().stringValue();
        if (type.startsWith("(")) {
          add(MethodTypeDesc.ofDescriptor(type));
        } else {
          add(ClassDesc.ofDescriptor(type));
        }
      }
      default -> {}
    }
  }

  private void add(RecordComponentInfo component) {
    add(component.descriptorSymbol());
    addSignature(component, Kind.FIELD);
  }

  private void add(MethodTypeDesc type) {
    add(type.returnType());
    type.parameterList().forEach(this::add);
  }

  private void add(ClassDesc type) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    if (element.isClassOrInterface()) {
      String descriptor = element.descriptorString();
      names.add(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
    }
  }

  /** The generic signature of a class, field, record component or method, and its annotations. */
  private void addSignature(AttributedElement element, Kind kind) {
    element
        .findAttribute(Attributes.signature())
        .ifPresent(signature -> {
          switch (kind) {
            case CLASS -> add(signature.asClassSignature());
            case FIELD -> add(signature.asTypeSignature());
            case METHOD -> add(signature.asMethodSignature());
          }
        });
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(annotations -> add(annotations.annotations()));
    element
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .ifPresent(annotations -> add(annotations.annotations()));
  }

  private void add(List<Annotation> annotations) {
    annotations.forEach(annotation -> add(annotation.classSymbol()));
  }

  private void add(ClassSignature signature) {
    signature.typeParameters().forEach(this::add);
    add(signature.superclassSignature());
    signature.superinterfaceSignatures().forEach(this::add);
  }

  private void add(MethodSignature signature) {
    signature.typeParameters().forEach(this::add);
    add(signature.result());
    signature.arguments().forEach(this::add);
    signature.throwableSignatures().forEach(this::add);
  }

  private void add(Signature.TypeParam parameter) {
    parameter.classBound().ifPresent(this::add);
    parameter.interfaceBounds().forEach(this::add);
  }

  private void add(Signature signature) {
    switch (signature) {
      case Signature.ClassTypeSig type -> {
        add(type.classDesc());
        type.outerType().ifPresent(this::add);
        type.typeArgs().forEach(this::add);
      }
      case Signature.ArrayTypeSig array -> add(array.componentSignature());
      case Signature.TypeVarSig _, Signature.BaseTypeSig _ -> {}
    }
  }

  private void add(Signature.TypeArg argument) {
    if (argument instanceof Signature.TypeArg.Bounded bounded) {
      add(bounded.boundType());
    }
  }
}
